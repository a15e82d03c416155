#pragma once

/// @file
/// All of vidi.

#include <vidi/content.hpp>
#include <vidi/error.hpp>
#include <vidi/exchange_info.hpp>
#include <vidi/input.hpp>
#include <vidi/json.hpp>
#include <vidi/output.hpp>
#include <vidi/request.hpp>
#include <vidi/response.hpp>
#include <vidi/settings.hpp>
#include <vidi/text_or_list.hpp>
#include <vidi/tool.hpp>
