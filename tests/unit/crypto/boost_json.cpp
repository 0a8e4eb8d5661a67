// Boost.JSON as headers only: its code is compiled here, once.
#include <boost/json/src.hpp>
