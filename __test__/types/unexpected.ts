// What a right use marked as a mistake looks like: the test demands that the compiler objects.

import { getClientToken } from 'azure-client-token'

// @ts-expect-error nothing is wrong here
void getClientToken({ endpoint: 'https://graph.microsoft.com' })
