#!/usr/bin/env python
"""Django's command line. Commands start in the platform's schema; a school is entered explicitly."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line

    from apps.tenants.context import enter_platform

    enter_platform()
    execute_from_command_line(sys.argv)
