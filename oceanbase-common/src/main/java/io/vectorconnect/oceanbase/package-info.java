/** What the OceanBase connectors share: the connection and its encryption. */
package io.vectorconnect.oceanbase;
