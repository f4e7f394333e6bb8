"""The steps from an app at Meta to a bot that answers, each Ok or Failed; `connect` takes them, `doctor` checks."""
