interface ImportMetaEnv {
  readonly VITE_BUILD: string;
}
interface ImportMeta {
  readonly env: ImportMetaEnv;
}
