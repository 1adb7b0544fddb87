#include <isa-l.h>
#include <stddef.h>

// The default sizes are macros with casts and products, which Swift does not import.
static inline size_t isalx_level_buffer_size(uint32_t level) {
    switch (level) {
    case 1: return ISAL_DEF_LVL1_DEFAULT;
    case 2: return ISAL_DEF_LVL2_DEFAULT;
    case 3: return ISAL_DEF_LVL3_DEFAULT;
    default: return 0;
    }
}
