-- Seals of version 2 have the root of a Merkle tree (RFC 9162) over all seals before them. Older seals have none.
ALTER TABLE seal
    ADD COLUMN records BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN tree BINARY(32) NULL;

-- Complete subtrees of the tree over the seals: node (level, position) covers the seals position*2^level+1 to
-- (position+1)*2^level. Only for proofs: the sealer does not trust it.
CREATE TABLE seal_tree_node (
    level    TINYINT    NOT NULL,
    position BIGINT     NOT NULL,
    digest   BINARY(32) NOT NULL,
    PRIMARY KEY (level, position)
) ENGINE = InnoDB;

-- Nodes of the tree of the sales as they were after each seal that changed them. Only for proofs.
CREATE TABLE sale_tree_node (
    node   INT        NOT NULL,
    seal   BIGINT     NOT NULL,
    digest BINARY(32) NOT NULL,
    PRIMARY KEY (node, seal),
    KEY ix_sale_tree_node_seal (seal)
) ENGINE = InnoDB;

-- Records of the waiting rooms in the order in which they were sealed, as they were published.
CREATE TABLE sealed_record (
    sale_no BIGINT     NOT NULL,
    number  BIGINT     NOT NULL,
    seal    BIGINT     NOT NULL,
    leaf    INT        NOT NULL,
    record  MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    content BINARY(32) NOT NULL,
    buyer   VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    PRIMARY KEY (sale_no, number),
    UNIQUE KEY uk_sealed_record (sale_no, content),
    KEY ix_sealed_record_seal (seal, leaf),
    KEY ix_sealed_record_buyer (sale_no, buyer)
) ENGINE = InnoDB;

-- How far the records of each waiting room are sealed.
CREATE TABLE sealed_room (
    sale_key  VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    read_to   VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (sale_key)
) ENGINE = InnoDB;
