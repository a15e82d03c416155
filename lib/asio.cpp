// Asio's own sources, compiled once for vidi and for everything that links it.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
