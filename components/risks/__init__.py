"""What gets worse with scale?"""
