"""The page may load and ask the phone-verify server, and nothing else."""

from django.conf import settings


def content_security_policy(get_response):
    server = settings.PHONE_VERIFY["URL"]
    policy = (
        f"default-src 'none'; script-src {server} 'wasm-unsafe-eval'; style-src {server}; connect-src {server}; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )

    def middleware(request):
        response = get_response(request)
        response["Content-Security-Policy"] = policy
        return response

    return middleware
