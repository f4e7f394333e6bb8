"""WhatsApp's limits (Cloud API, messages): beyond them Meta refuses or cuts."""

TEXT = 4096
BODY_WITH_CHOICES = 1024  # 4,096 for lists by one page, 1,024 by another: the smaller holds for both
CAPTION = 1024
FOOTER = 60
BUTTONS = 3
BUTTON_TITLE = 20
ROWS = 10
ROW_TITLE = 24
ROW_DESCRIPTION = 72
LIST_LABEL = 20
LINK_TITLE = 20
TEMPLATE_BODY = 1024
TEMPLATE_FOOTER = 60
