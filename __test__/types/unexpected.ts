// A correct use that is marked as a mistake: the test requires an error of the compiler.

import { getClientToken } from 'azure-client-token'

// @ts-expect-error nothing is wrong here
void getClientToken({ endpoint: 'https://graph.microsoft.com' })
