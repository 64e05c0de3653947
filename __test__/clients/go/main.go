// Gets one token with azidentity, unmodified: by the environment's service principal, and by a managed identity's host.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

func credential(kind string) (azcore.TokenCredential, error) {
	switch kind {
	case "environment":
		return azidentity.NewEnvironmentCredential(&azidentity.EnvironmentCredentialOptions{DisableInstanceDiscovery: true})
	case "workloadIdentity":
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{DisableInstanceDiscovery: true})
	case "managedIdentity":
		return azidentity.NewManagedIdentityCredential(nil)
	}
	return nil, fmt.Errorf("no such credential: %s", kind)
}

func main() {
	chosen, err := credential(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	token, err := chosen.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{os.Args[2]}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(token.Token)
}
