import type { Facts } from './model.ts';

export type CloudFacts = Pick<Facts, 'cloudProvider' | 'cloudRegion' | 'cloudFromAddress'>;

export function cloudOf({ cloudProvider, cloudRegion, cloudFromAddress }: Facts): CloudFacts {
  return { cloudProvider, cloudRegion, cloudFromAddress };
}

/** The cloud that somebody named; null: nobody did. */
export function namedCloud(facts: Facts): CloudFacts | null {
  if (facts.cloudFromAddress) return null;
  const { cloudProvider, cloudRegion } = facts;
  if (cloudProvider === undefined && cloudRegion === undefined) return null;
  return { cloudProvider, cloudRegion };
}

/**
 * Two reporters' facts with the clouds set right: one that is named, by whomever, counts for more than one that an
 * address tells, and a cloud is taken whole from one of them.
 */
export function settleCloud(merged: Facts, winner: Facts, loser: Facts): Facts {
  if (!winner.cloudFromAddress && !loser.cloudFromAddress) return merged;
  const cloud =
    namedCloud(winner) ?? namedCloud(loser) ?? cloudOf(winner.cloudFromAddress ? winner : loser);
  const settled: Facts = { ...merged };
  for (const name of ['cloudProvider', 'cloudRegion', 'cloudFromAddress'] as const)
    delete settled[name];
  if (cloud.cloudProvider !== undefined) settled.cloudProvider = cloud.cloudProvider;
  if (cloud.cloudRegion !== undefined) settled.cloudRegion = cloud.cloudRegion;
  if (cloud.cloudFromAddress) settled.cloudFromAddress = true;
  return settled;
}
