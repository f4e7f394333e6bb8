"""Contacts, and what stands about them: how a person is recognised, what she agreed to, what keeps us from writing."""
