"""A machine with a credential of the school, speaking SCIM to its host."""

import json
from datetime import timedelta

from django.utils import timezone

from apps.accounts.services.service_credentials import create_credential
from tests.conftest import client_for
from tests.people import acting, owner

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def credential(*permissions, actor=None, name="Entra") -> str:
    now = timezone.now()
    made = create_credential(
        actor=actor or acting(owner()), name=name, permissions=permissions, expires_at=now + timedelta(days=30), now=now
    )
    return made.secret


class Machine:
    def __init__(self, school, secret):
        self.client = client_for(school)
        self.secret = secret

    def send(self, method, path, body=None, **headers):
        options = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}", **headers}
        data = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        return self.client.generic(method, f"/scim/v2{path}", data, content_type="application/scim+json", **options)

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def create(self, name="ada@lumiere.example", **more):
        answer = self.send("POST", "/Users", {"schemas": [USER], "userName": name, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def group(self, name, *people, **more):
        members = [{"value": one["id"]} for one in people]
        answer = self.send("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": members, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def patch(self, path, *operations, **headers):
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def names(self, filter_, **more):
        from urllib.parse import urlencode

        answer = self.get(f"/Users?{urlencode({'filter': filter_, **more})}")
        assert answer.status_code == 200, answer.text
        return [one["userName"] for one in answer.json().get("Resources", [])]
