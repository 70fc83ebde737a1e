// The constants of Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).

#ifndef GB_PHILOX_H
#define GB_PHILOX_H

#define PHILOX_ROUNDS 10
#define PHILOX_M0 0xD2511F53u
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u  // the golden ratio: what the key grows by each round
#define PHILOX_W1 0xBB67AE85u  // √3 − 1

#endif
