"""The pages that `make screenshots` shows: (name, address, as whom).

An address may go on with ` > selector`: that link is followed. Without a name nobody is signed in.
"""

SCREENS: list[tuple[str, str, str]] = [
    ("signin", "/signin", ""),
    ("design", "/design/", "王敏"),
    ("drawn-desk", "/design/desk/", "王敏"),
    ("drawn-collaboration", "/design/collaboration/", "王敏"),
    ("drawn-sign", "/design/sign/", "王敏"),
    ("drawn-form", "/design/form/", "王敏"),
    ("drawn-read", "/design/read/", "王敏"),
    ("drawn-list", "/design/list/", "王敏"),
    ("departments", "/departments/", "王敏"),
    ("people", "/people/", "王敏"),
]
