// Every page: htmx, Bootstrap's three movable parts, and our small behaviours. A page works without any of it.
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/modal";
import "bootstrap/js/dist/offcanvas";
import "./js/requests";
import "./js/drafts";
import "./js/due";
import "./js/fields";
import "./js/keys";
import "./js/page";
import "./js/poll";
import "./js/remember";
