// @ts-check
'use strict'

const pulumi = require('@pulumi/pulumi')

/** A resource whose value is known only after its creation. */
class Thing extends pulumi.CustomResource {
  /** @param {string} name @param {{ given?: string }} [inputs] */
  constructor(name, inputs = {}) {
    super('test:index:Thing', name, { given: undefined, value: undefined, ...inputs })
    /** @type {import('@pulumi/pulumi').Output<string>} */ this.given
    /** @type {import('@pulumi/pulumi').Output<string>} */ this.value
  }
}

class Component extends pulumi.ComponentResource {
  /** @param {string} name @param {import('@pulumi/pulumi').ComponentResourceOptions} [opts] @param {string[]} [children] */
  constructor(name, opts = {}, children = []) {
    super('test:index:Component', name, {}, opts)
    for (const child of children) new ChildThing(child, this)
  }
}

class ChildThing extends pulumi.CustomResource {
  /** @param {string} name @param {Component} parent */
  constructor(name, parent) {
    super('test:index:Thing', name, {}, { parent })
  }
}

/** A provider without its own class, whose inputs are not changed. */
class RawProvider extends pulumi.ProviderResource {}

module.exports = { Component, RawProvider, Thing }
