/** The package of a platform, of which at most one is installed: nothing but its addon. */
declare module 'azure-client-token-*' {
  const addon: typeof import('../binding')
  export = addon
}
