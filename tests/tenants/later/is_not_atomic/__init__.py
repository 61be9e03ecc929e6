from tests.tenants.later import real_path

__path__ = [*real_path(), *__path__]
