"""A typed client of Campanile's API: `School` for a school's host, `Platform` for the platform's.

    with School("https://lumiere.campanile.example", token) as school:
        for person in every(school.list_users, q="martin"):
            print(person["email"])
        seen = school.get_user(user_id)
        school.update_user(user_id, body={"job_title": "Tutor"}, if_match=seen.etag)

`school.py` and `platform.py` are made from docs/openapi by `make clients`; `transport.py` is written by hand.
"""

from .platform import Platform
from .school import School
from .transport import Problem, Versioned, every

__all__ = ["Platform", "Problem", "School", "Versioned", "every"]
