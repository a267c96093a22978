export type FeatureState = { readonly id: string };
