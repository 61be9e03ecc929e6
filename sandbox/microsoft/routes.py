"""The addresses of Graph."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.microsoft import graph
from sandbox.microsoft.batch import batch
from sandbox.microsoft.delta import groups_delta, users_delta
from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.mail import routes as mail_routes
from sandbox.microsoft.subscriptions import routes as subscription_routes

USER = "/microsoft.graph.user"


@graph.endpoint("unknown")
async def unknown(call: graph.Call) -> graph.Answer:
    path = call.request.url.path.removeprefix("/graph/v1.0/")
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{path.split('/')[0]}'.")


async def anything_else(request: Request) -> Response:
    return await unknown(request)


def _members(group: str) -> list[Route]:
    return [
        Route(f"{group}/members", graph.members),
        Route(f"{group}/members/$count", graph.counting("direct", cast=False)),
        Route(f"{group}/members{USER}", graph.member_users),
        Route(f"{group}/members{USER}/$count", graph.counting("direct", cast=True)),
        Route(f"{group}/transitiveMembers/microsoft.graph.group", graph.nested_groups),
        Route(f"{group}/transitiveMembers", graph.transitive_members),
        Route(f"{group}/transitiveMembers/$count", graph.counting("transitive", cast=False)),
        Route(f"{group}/transitiveMembers{USER}", graph.transitive_member_users),
        Route(f"{group}/transitiveMembers{USER}/$count", graph.counting("transitive", cast=True)),
    ]


routes = [
    Route("/organization", graph.organization),
    Route("/me", graph.me),
    Route("/users", graph.users),
    Route("/users/$count", graph.users_count),
    Route("/users/delta", users_delta),
    Route("/users/{id}", graph.user),
    Route("/users/{id}/photo", graph.photo),
    Route("/users/{id}/photo/$value", graph.photo_value),
    Route("/groups", graph.groups),
    Route("/groups/$count", graph.groups_count),
    Route("/groups/delta", groups_delta),
    Route("/groups/{id}", graph.group),
    *_members("/groups('{id}')"),
    *_members("/groups/{id}"),
    Route("/$batch", batch, methods=["POST"]),
    *subscription_routes,
    *mail_routes,
    Route("/{path:path}", anything_else),
]
