"""Lethe: a conversational WhatsApp bot that keeps its word."""
