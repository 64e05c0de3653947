// Options of another kind, which the compiler rejects. Not compiled with TypeScript 4.7, which compares excess options with all members of
// a union that has intersections, not with the one that `credential` names.

import { ClientTokenCredential } from 'azure-client-token'

// @ts-expect-error a managed identity has no secret
new ClientTokenCredential({ credential: 'managedIdentity', clientSecret: 's' })
// @ts-expect-error only an application with its own credential can use a federated managed identity
new ClientTokenCredential({ credential: 'managedIdentity', fmiPath: 'p' })
// @ts-expect-error the user's token is not an option of an application
new ClientTokenCredential({ credential: 'onBehalfOf', tenantId: 't', clientId: 'c', userAssertion: 'u', clientSecret: 's', fmiPath: 'p' })

export {}
