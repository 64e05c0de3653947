// Options of another kind, which are refused by name. Not compiled by TypeScript 4.7, which looks for excess options in all members
// of a union that has intersections, not in the one that `credential` names.

import { ClientTokenCredential } from 'azure-client-token'

// @ts-expect-error a secret has no place here
new ClientTokenCredential({ credential: 'managedIdentity', clientSecret: 's' })
// @ts-expect-error only an application's own proof asks for an identity of a federated managed identity
new ClientTokenCredential({ credential: 'managedIdentity', fmiPath: 'p' })
// @ts-expect-error the user's token is no application's
new ClientTokenCredential({ credential: 'onBehalfOf', tenantId: 't', clientId: 'c', userAssertion: 'u', clientSecret: 's', fmiPath: 'p' })

export {}
