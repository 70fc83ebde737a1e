// Part of each_instruction_set.h.

#undef LANES
#undef REGISTERS
#undef TARGET
#undef SET
#undef EVEN_LANES
#undef ODD_LANES
#undef LOW_LANES
#undef HIGH_LANES
#undef LOW_SINGLES
#undef HIGH_SINGLES
#undef LOW_PAIRS
#undef HIGH_PAIRS
