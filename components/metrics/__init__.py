"""Is it the metric?"""
