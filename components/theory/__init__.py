"""Why could it emerge?"""
