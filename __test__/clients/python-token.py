"""Gets one token with azure-identity for Python, unmodified."""

import sys

from azure.identity import EnvironmentCredential, ManagedIdentityCredential, WorkloadIdentityCredential

CREDENTIALS = {
    "environment": lambda: EnvironmentCredential(disable_instance_discovery=True),
    "workloadIdentity": lambda: WorkloadIdentityCredential(disable_instance_discovery=True),
    "managedIdentity": ManagedIdentityCredential,
}

kind, scope = sys.argv[1:]
print(CREDENTIALS[kind]().get_token(scope).token)
