"""Settings. Importing this package puts a current SQLite in place before Django loads its own.

Debian 12's library (3.40.1) predates the fix of the WAL-reset corruption; the wheel carries a newer one.
"""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
