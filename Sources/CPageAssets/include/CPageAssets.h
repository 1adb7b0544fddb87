// The files of the web page, inside the program: one binary, nothing to install beside it.
#pragma once

#include <stddef.h>

// One file; `name` is its path below Sources/ReportPage/Assets.
struct page_asset {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

// The asset of that index, or NULL past the last.
const struct page_asset *page_asset_at(size_t index);
