export type { Balancer } from './balancer.ts';
export { startCluster, type Cluster, type ClusterOptions } from './start-cluster.ts';
