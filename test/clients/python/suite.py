"""Runs operations of the SDK one by one and prints a line for each: `ok   python ShowPublicZone` or `FAIL python ShowPublicZone: reason`."""
import inspect
import os
import re
import traceback

import huaweicloudsdkdns.v2 as sdk
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, SdkException

HERE = os.path.dirname(os.path.abspath(__file__))


def words(operation):
    """`show_public_zone` as the SDK names its classes: `ShowPublicZone`."""
    return "".join(word.capitalize() for word in operation.split("_"))


def operations():
    """Every operation of the client class; each has a method of the same name that ends in `_invoker`."""
    names = [name for name, _ in inspect.getmembers(sdk.DnsClient, inspect.isfunction)]
    return [name.removesuffix("_invoker") for name in names if name.endswith("_invoker")]


def mismatches(value, declared, path):
    """What of a typed value is not of the type that the SDK declares for it. A member that was not sent is None."""
    if value is None or declared == "object":
        return []
    plain = {"str": str, "int": int, "bool": bool, "float": float}.get(declared)
    if plain is not None:
        fits = isinstance(value, plain) and (plain is bool or not isinstance(value, bool))
        return [] if fits else [f"{path} is {value!r}, not {declared}"]
    listed = re.fullmatch(r"list\[(.+)\]", declared)
    if listed:
        if not isinstance(value, list):
            return [f"{path} is {value!r}, not a list"]
        return [each for n, item in enumerate(value) for each in mismatches(item, listed[1], f"{path}[{n}]")]
    model = getattr(sdk, declared)
    if not isinstance(value, model):
        return [f"{path} is {value!r}, not {declared}"]
    return members(value, path)


def members(value, path):
    return [
        each
        for name, declared in value.openapi_types.items()
        for each in mismatches(getattr(value, name), declared, f"{path}.{name}")
    ]


class Suite:
    def __init__(self, client):
        self.client = client
        self.named = set()
        self.failed = 0

    def check(self, operation):
        """The calls of one operation: `with suite.check('show_public_zone') as call: …`; what is raised inside is its failure."""
        self.named.add(operation)
        return Check(self, operation)

    def topic(self, name):
        """Like `check`, for something that is not an operation of its own."""
        return Check(self, name, is_operation=False)

    def report(self, name, reason=None):
        if reason is not None:
            self.failed += 1
        print(f"ok   python {name}" if reason is None else f"FAIL python {name}: {reason}", flush=True)

    def end(self):
        for operation in operations():
            if operation not in self.named:
                self.report(words(operation), "never called")
        return 0 if self.failed == 0 else 1


class Check:
    def __init__(self, suite, operation, is_operation=True):
        self.suite = suite
        self.operation = operation
        self.is_operation = is_operation
        self.calls = 0

    def __enter__(self):
        return self

    def __call__(self, client=None, **members_of_request):
        """Calls the operation; gives the typed answer after looking at the type of each member."""
        request = getattr(sdk, words(self.operation) + "Request")(**members_of_request)
        answer = getattr(client or self.suite.client, self.operation)(request)
        self.calls += 1
        assert isinstance(answer, getattr(sdk, words(self.operation) + "Response")), answer
        wrong = members(answer, "answer")
        assert not wrong, "; ".join(wrong)
        return answer

    def refused(self, status, code, **members_of_request):
        """Calls the operation, which has to be refused with this status and code; gives the exception."""
        try:
            answer = self(**members_of_request)
        except ClientRequestException as error:
            assert (error.status_code, error.error_code) == (status, code), str(error)
            assert error.error_msg, str(error)
            assert re.fullmatch("[0-9a-f]{32}", error.request_id), str(error)
            return error
        raise AssertionError(f"not refused: {answer}")

    def __exit__(self, kind, error, trace):
        name = words(self.operation) if self.is_operation else self.operation
        if error is None:
            self.suite.report(name, "never called" if self.is_operation and self.calls == 0 else None)
            return True
        if not isinstance(error, Exception):
            return False
        at = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(HERE)][-1]
        said = str(error) if isinstance(error, SdkException) else f"{kind.__name__} {error}"
        place = f"{os.path.basename(at.filename)}:{at.lineno}: {at.line}"
        self.suite.report(name, " ".join(f"{said} ({place})".split()))
        return True
