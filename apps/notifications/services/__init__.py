"""One way to reach a person. Other apps call `send`, and `is_waiting` where something must not overtake a message.

`record_reports` takes what mail providers say about messages, from whatever door hears it.
"""

from .delivery import is_waiting
from .reports import DeliveryReport, record_reports
from .sending import send

__all__ = ["DeliveryReport", "is_waiting", "record_reports", "send"]
