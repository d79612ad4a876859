/** Everything is allowed to everybody here: bits of the operations that Kafka knows of a topic, and of the cluster. */
export const TOPIC_OPERATIONS = 0b1101_1111_1000
export const CLUSTER_OPERATIONS = 0b1_1111_1010_0000
/** Nobody asked. */
export const NOT_ASKED = -0x8000_0000
/** READ, DELETE, DESCRIBE, and of its settings. */
export const GROUP_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11)
