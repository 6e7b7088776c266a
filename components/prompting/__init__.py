"""What do prompts and tuning add, and from which scale?"""
