"""Trust: certificates, revocation, signatures of XML and JWS, and the platform's own key."""
