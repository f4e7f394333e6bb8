"""What is set and what is written: the environment, a business's files, its privacy policy.

Read once, whole, and complained about once. Imports only `bot.conversation`.
"""
