#pragma once

/// The version of the library, as text.
#define VIDI_VERSION_STRING "0.1.0"
