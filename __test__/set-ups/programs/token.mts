import { getClientToken, type GetClientTokenResult } from 'azure-client-token'

async function main(): Promise<void> {
  const { source }: GetClientTokenResult = await getClientToken()
  console.log(JSON.stringify({ source }))
}

main()
