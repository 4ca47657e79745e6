/** The install instructions of apps whose vendor has written none (install-template.ts). */
export const defaultTemplates = {
  install: `# Sign in to the registry
helm registry login {{registryHost}} --username {{email}} --password {{licenseId}}

# Install {{appName}}
helm install {{appSlug}} oci://{{registry}}/{{chart}} --version {{version}}

# Upgrade an installation to {{version}}
helm upgrade {{appSlug}} oci://{{registry}}/{{chart}} --version {{version}}
`,
  airGap: `# Download the air gap bundle of {{version}} from your download portal, and compare its checksum
sha256sum {{chart}}-{{version}}.airgap

# Unpack it and load its images
tar -xf {{chart}}-{{version}}.airgap
docker load --input images.tar

# Install {{appName}}, or upgrade it
helm upgrade --install {{appSlug}} ./{{chart}}-{{version}}.tgz
`,
} as const;
