export * from 'azure-client-token/identity'
