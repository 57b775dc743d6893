global using Invoicing.Testing;
