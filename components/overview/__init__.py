"""What is known to emerge?"""
