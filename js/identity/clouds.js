// @ts-check
'use strict'

/** The authorities of Microsoft's clouds. @enum {string} */
const AzureAuthorityHosts = {
  AzureChina: 'https://login.chinacloudapi.cn',
  AzureGermany: 'https://login.microsoftonline.de',
  AzureGovernment: 'https://login.microsoftonline.us',
  AzurePublicCloud: 'https://login.microsoftonline.com',
}

module.exports = { AzureAuthorityHosts }
