"""One way to reach a person. Other apps call `send`, and `is_waiting` where something must not overtake a message;
`notify` reaches them only under the bell, `withhold` keeps back what has not left.

`record_reports` takes what mail providers say about messages, from whatever door hears it.
"""

from .delivery import is_waiting, withhold
from .reports import DeliveryReport, record_reports
from .sending import notify, send

__all__ = ["DeliveryReport", "is_waiting", "notify", "record_reports", "send", "withhold"]
