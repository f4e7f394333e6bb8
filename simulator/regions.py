"""Which +1 numbers are in the United States: Meta delivers no marketing there."""

# Area codes of +1 outside the United States, and 555, which is nobody's.
_CODES = """
204 226 236 242 246 249 250 257 263 264 268 284 289 306 343 345 354 365 367 368 382 387 403 416 418 428 431 437 438
441 450 460 468 473 474 506 514 519 537 548 555 579 581 584 587 604 613 639 647 649 658 664 672 683 705 709 721 742
753 758 767 778 780 782 784 807 809 819 825 829 849 867 868 869 873 876 879 902 905 942
"""
_ELSEWHERE = frozenset(_CODES.split())
_DIGITS = 11


def in_united_states(phone: str | None) -> bool:
    """Tell whether a number (digits, with country code) is one of the United States."""
    return phone is not None and len(phone) == _DIGITS and phone[0] == "1" and phone[1:4] not in _ELSEWHERE
