"""API doors: who may, declared as on pages (doors); everything else is denied (policy); refusals are problem details.

Nothing is imported here: Django REST framework imports these modules while it reads its settings.
"""
